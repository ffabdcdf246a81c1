import { describe, expect, it } from 'vitest';
import { ActiveConfiguration } from './active-configuration.js';
import type { ConfigurationSection } from './configuration-section.js';
import { optionalSection, sectionWithDefaults } from './section-form.js';

class Empty {}

const colour: ConfigurationSection<'colour', Empty, string> = {
  key: 'colour',
  form: sectionWithDefaults('a colour', () => Empty),
  prepare: () => 'red',
  needsRestart: () => [],
};

const size: ConfigurationSection<'size', Empty | undefined, number | undefined> = {
  key: 'size',
  form: optionalSection('a size', () => Empty),
  prepare: () => 1,
  needsRestart: () => [],
};

const version = { source: 'assay.yaml', digest: 'one', sinceMs: 1 };

describe('the configuration in force', () => {
  it('says which one it is', () => {
    const active = new ActiveConfiguration({}, version);
    expect(active.version).toBe(version);
    const next = { ...version, digest: 'two' };
    active.replace({}, next);
    expect(active.version).toBe(next);
  });

  it('gives what is in force of a section', () => {
    const active = new ActiveConfiguration({ colour: 'red', size: undefined }, version);
    expect([active.of(colour), active.of(size)]).toEqual(['red', undefined]);
    active.replace({ colour: 'blue', size: 2 }, version);
    expect([active.of(colour), active.of(size)]).toEqual(['blue', 2]);
  });

  it('calls a follower at once, and for each change', () => {
    const active = new ActiveConfiguration({ colour: 'red', size: 1 }, version);
    const seen: string[] = [];
    active.follow(colour, (value) => seen.push(value));
    expect(seen).toEqual(['red']);
    active.replace({ colour: 'blue', size: 1 }, version);
    active.replace({ colour: 'blue', size: 2 }, version);
    expect(seen).toEqual(['red', 'blue', 'blue']);
  });

  it('calls all followers in one tick, in their order, none with half of a change', () => {
    const active = new ActiveConfiguration({ colour: 'red', size: 1 }, version);
    const seen: unknown[] = [];
    active.follow(size, (value) => seen.push(['first', value, active.of(colour)]));
    active.follow(colour, (value) => seen.push(['second', value, active.of(size)]));
    seen.length = 0;
    active.replace({ colour: 'blue', size: 2 }, version);
    expect(seen).toEqual([
      ['first', 2, 'blue'],
      ['second', 'blue', 2],
    ]);
  });

  it('lets one follower begin while another is called', () => {
    const active = new ActiveConfiguration({ colour: 'red', size: 1 }, version);
    const seen: string[] = [];
    active.follow(size, (value) => {
      if (value === 2) active.follow(colour, (each) => seen.push(each));
    });
    active.replace({ colour: 'blue', size: 2 }, version);
    expect(seen).toEqual(['blue']);
  });

  it('knows no section that nobody registered', () => {
    expect(() => new ActiveConfiguration({ colour: 'red' }, version).of(size)).toThrow(
      'no section is registered as size',
    );
  });
});
