/** The single changes of a plan, and who was kept, for a person in front of a terminal. */
import { explain } from '../../roster/findings.js';
import type { LineGroups } from '../../store/read/plan-lines.js';
import type { KeptLine, PlanLine, PlanRecord } from '../../store/types.js';
import type { Kind } from '../../workflows/contract.js';
import { briefly, differences } from './attributes.js';
import { KIND_NAMES } from './change-tables.js';
import type { Io } from './io.js';
import { clean, count } from './text.js';

const STYLES = {
  added: 'green',
  changed: 'yellow',
  reactivated: 'green',
  deactivated: 'red',
} as const;

/** `changed      ana@…  last name Ruiz → Ruíz  line 14` */
function changeLine(io: Io, one: PlanLine): string {
  const { action, key, other, line } = one;
  const what = other === null ? saidOf(one) : clean(other);
  const where = line === null ? '' : io.paint('dim', `  line ${line}`);
  return `    ${io.paint(STYLES[action], action.padEnd(11))}  ${clean(key)}  ${what}${where}`;
}

function saidOf({ action, old, new: now }: PlanLine): string {
  const changed = action === 'added' || old === null || now === null ? [] : differences(old, now);
  return changed.length > 0 ? changed.join(', ') : briefly(now ?? old ?? {});
}

type Place = Pick<PlanLine, 'school' | 'kind'>;

/** Where a school begins, its name; where a kind begins, that. */
function heads(io: Io, plan: PlanRecord, before: Place | null, { school, kind }: Place): string[] {
  const isNew = before === null || before.school !== school;
  const name = plan.bySchool.find((one) => one.school === school)?.name ?? '';
  const of = school === null ? 'In no school' : `School ${clean(school)} ${clean(name)}`.trimEnd();
  return [
    ...(isNew ? ['', `  ${io.paint('bold', of)}`] : []),
    ...(isNew || before.kind !== kind ? [`   ${KIND_NAMES[kind]}`] : []),
  ];
}

/** All of them, as they come. */
export async function* everyLine(
  io: Io,
  plan: PlanRecord,
  lines: AsyncIterable<PlanLine>,
): AsyncGenerator<string> {
  let before: Place | null = null;
  for await (const line of lines) {
    yield* heads(io, plan, before, line);
    yield changeLine(io, line);
    before = line;
  }
}

/** The first of each kind and school, and how many there are beside. */
export function groupLines(io: Io, id: string, plan: PlanRecord, found: LineGroups): string {
  const { groups, schools } = found;
  if (groups.length === 0) return '';
  const command = `npx rollcall plan ${id} ${plan.run} --all`;
  const lines: string[] = [io.paint('bold', 'Single changes')];
  let before: Place | null = null;
  let isCut = false;
  for (const group of groups) {
    lines.push(...heads(io, plan, before, group), ...group.lines.map((one) => changeLine(io, one)));
    const left = Object.values(group.counts).reduce((sum, one) => sum + one, -group.lines.length);
    if (left > 0) {
      isCut = true;
      lines.push(
        io.paint('dim', `    … and ${count(left)} more (${of(group.counts)} in all): ${command}`),
      );
    }
    before = group;
  }
  const shown = new Set(groups.map(({ school }) => school)).size;
  if (schools > shown) lines.push('', `  … and ${count(schools - shown)} more schools: ${command}`);
  if (isCut || schools > shown) {
    lines.push(
      '',
      '  --school ID and --changes KIND choose, --csv FILE writes them all to a file.',
    );
  }
  return lines.join('\n');
}

const of = (counts: LineGroups['groups'][number]['counts']): string =>
  Object.entries(counts)
    .filter(([, one]) => one > 0)
    .map(([action, one]) => `${count(one)} ${action}`)
    .join(', ');

/** `''` if everybody who is absent goes. */
export function keptLines(io: Io, id: string, plan: PlanRecord, kept: readonly KeptLine[]): string {
  if (kept.length === 0) return '';
  const lines = [
    `${io.paint('bold', 'Absent, and kept')}: a row that could not be used is or may be about them`,
  ];
  for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
    const all = kept.filter((one) => one.kind === kind);
    if (all.length === 0) continue;
    lines.push(`   ${KIND_NAMES[kind as Kind]}`, ...all.map((one) => keptLine(io, one)));
    const left = plan.kept[kind] - all.length;
    if (left > 0) {
      lines.push(
        io.paint('dim', `    … and ${count(left)} more: npx rollcall plan ${id} ${plan.run} --all`),
      );
    }
  }
  return lines.join('\n');
}

function keptLine(io: Io, { key, name, line, code, column }: KeptLine): string {
  const why = code === null ? '' : ` ${code}: ${explain({ code, column, rows: 1 }).message}`;
  const where = line === null ? '' : io.paint('dim', `  line ${line}${why}`);
  return `    ${clean(key)}  ${clean(name)}${where}`;
}
