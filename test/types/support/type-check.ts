import { join, relative } from 'node:path';
import ts from 'typescript';

/** What the compiler says against a file: in which file, on which line (counted from 1), and why. */
export interface CompilerError {
  /** Relative to the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const root = join(import.meta.dirname, '../../..');

function optionsOfTheProject(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    readonly config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, undefined, undefined).options;
}

/**
 * The compiler over the files of the project, with the project's own options. What it has read once stays read, so that a
 * second question costs little.
 */
export class TypeCheck {
  private readonly options = optionsOfTheProject();
  private readonly parsed = new Map<string, ts.SourceFile>();

  /**
   * Checks some files of the project.
   * @param files relative to the root
   * @param inPlace text of files that are not on the disk, or differ from what is there
   */
  errorsIn(files: readonly string[], inPlace: ReadonlyMap<string, string> = new Map()): readonly CompilerError[] {
    const texts = new Map([...inPlace].map(([file, text]) => [join(root, file), text]));
    const host = this.hostWith(texts);
    const program = ts.createProgram(
      files.map((file) => join(root, file)),
      this.options,
      host,
    );
    return files.flatMap((file) => {
      const source = program.getSourceFile(join(root, file));
      if (!source) throw new Error(`there is no file ${file}`);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map((diagnostic) => errorOf(diagnostic, source));
    });
  }

  private hostWith(texts: ReadonlyMap<string, string>): ts.CompilerHost {
    const host = ts.createCompilerHost(this.options);
    return {
      ...host,
      fileExists: (name) => texts.has(name) || host.fileExists(name),
      readFile: (name) => texts.get(name) ?? host.readFile(name),
      getSourceFile: (name, languageVersion) => {
        const text = texts.get(name);
        if (text !== undefined) return ts.createSourceFile(name, text, languageVersion);
        const known = this.parsed.get(name) ?? host.getSourceFile(name, languageVersion);
        if (known) this.parsed.set(name, known);
        return known;
      },
    };
  }
}

function errorOf({ start = 0, messageText }: ts.Diagnostic, source: ts.SourceFile): CompilerError {
  return {
    file: relative(root, source.fileName),
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  };
}
