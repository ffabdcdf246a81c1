/** A file that the configuration names, read together with it. Its path is watched. */
export class FileText {
  constructor(
    /** Absolute path. */
    readonly path: string,
    /** Content, decoded as UTF-8. */
    readonly text: string,
  ) {}
}
