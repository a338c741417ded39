/**
 * Who is active in the roster and in no accepted row: `absent_schools`, `absent_teachers`,
 * `absent_classes`, `absent_students`, `absent_class_teachers`, `absent_enrollments`. They are
 * the candidates for leaving; protect.ts says who stays all the same (`kept`).
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export async function findAbsent(trx: Db, districtKey: number): Promise<void> {
  for (const kind of ['schools', 'teachers', 'classes', 'students']) {
    await absent(trx, districtKey, kind, ['key']);
  }
  await absent(trx, districtKey, 'class_teachers', ['class_key', 'teacher_key']);
  await absent(trx, districtKey, 'enrollments', ['class_key', 'student_key']);
}

async function absent(
  trx: Db,
  districtKey: number,
  kind: string,
  columns: readonly string[],
): Promise<void> {
  await run(
    trx,
    `create temp table absent_${kind} on commit drop as
     select ${columns.map((name) => `r.${name}`).join(', ')}, false as kept
     from rollcall.${kind} r
     where r.district_key = ? and r.active
       and not exists (select from file_${kind} f
                       where ${columns.map((name) => `f.${name} = r.${name}`).join(' and ')})`,
    [districtKey],
  );
  await run(trx, `analyze absent_${kind}`);
}
