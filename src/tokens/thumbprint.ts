import { hash } from 'node:crypto';
import type { KeyMaterial } from './key-material.js';

/** SHA-256 as base64url in its one spelling: the last of 43 characters has two bits that are always zero. */
const shape = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Whether `text` can be an RFC 7638 SHA-256 thumbprint, of whatever key. */
export function isThumbprint(text: string): boolean {
  return shape.test(text);
}

/** The RFC 7638 SHA-256 thumbprint of a key. It has exactly the members that count. */
export function thumbprintOf(material: KeyMaterial): string {
  return hash('sha256', JSON.stringify(material, Object.keys(material).sort()), 'base64url');
}
