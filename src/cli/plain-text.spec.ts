import { expect, it } from 'vitest';
import { plainText } from './plain-text.js';

it('text of others neither moves the cursor nor turns the line around; what is no text is empty', () => {
  expect(plainText('a\u001b[2Jb\u009bc\u202ed')).toBe('a?[2Jb?c?d');
  expect([plainText(undefined), plainText(7)]).toEqual(['', '']);
});
