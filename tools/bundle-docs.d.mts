export function documentPages(
  frame: string,
  keepPicture: (file: string) => Promise<string>,
): Promise<ReadonlyMap<string, string>>;
