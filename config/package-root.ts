import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder of package.json: the clone in development and, one level up from `dist`, in
 * production. Throws an Error if there is none, which means that the package was taken apart.
 */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}
