// What the scenario `peers` knows of other services that answer the same question; one file beside this one for each.
import { access, constants, stat } from 'node:fs/promises';
import type { Listening, Stage } from '../harness/subjects.ts';
import type { Signer } from '../tokens.ts';

/** Another service that this bench can start. */
export interface Peer {
  readonly name: string;
  /** Which endpoint of Assay it is compared with. */
  readonly endpoint: 'introspect' | 'authorize';
  /** Where its program is, for those that are no npm package. */
  readonly program?: Program;
  /**
   * @param path of its program
   * @param signer whose tokens it accepts, where it issues none
   * @throws {Error} when it does not start, or issues no token where it should
   */
  start(stage: Stage, path: string, signer: Signer): Promise<Started>;
}

/** A program that whoever measures has to bring along. */
export interface Program {
  /** The environment variable with its path. */
  readonly variable: string;
  /** What is meant, for somebody who has unpacked a release. */
  readonly file: string;
}

/** A peer that answers. */
export interface Started extends Listening {
  /** What it is asked, again and again. */
  readonly requests: readonly Buffer[];
  /** Which version, and what one has to know to compare it. */
  readonly remark: string;
}

/** The path that the environment names; `undefined` where it names none. @throws {Error} when there is no such program */
export async function pathOf({ variable, file }: Program): Promise<string | undefined> {
  const path = process.env[variable];
  if (path === undefined || path === '') return undefined;
  if (!(await isProgram(path)))
    throw new Error(`${variable} names ${path}, and there is no program that can be run: name ${file}`);
  return path;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether somebody answers there with a good status: what peers are asked until they are ready. */
export async function answersWell(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.bytes();
    return response.ok;
  } catch {
    return false;
  }
}
