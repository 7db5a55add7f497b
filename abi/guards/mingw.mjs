// Guards (a) and (e) once more by the compiler that many vendors use for Windows, where it is installed.
import { languagesBy } from './languages.mjs';
import { layoutBy } from './layout.mjs';
import { platforms } from './platforms.mjs';
import { need, present } from './tools.mjs';

export function mingw(context) {
  need(...platforms.filter((platform) => platform.mingw).map((platform) => `${platform.mingw}-gcc`));
  const layout = layoutBy((platform) => (platform.mingw ? [[`${platform.mingw}-gcc`]] : []), context);
  const languages = languagesBy((platform, language) => {
    const compiler = `${platform.mingw}-${language === 'c' ? 'gcc' : 'g++'}`;
    if (present(compiler)) return [[compiler]];
    context.note(`skipped: ${compiler} is not installed`);
    return [];
  }, context);
  return [...layout, ...languages];
}
