/**
 * Who is active in the roster and in no accepted row: `absent_schools`, `absent_teachers`,
 * `absent_classes`, `absent_students`, `absent_class_teachers`, `absent_enrollments`. They are
 * the candidates for leaving; protect.ts says who stays all the same (`kept`).
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export async function findAbsent(trx: Db, districtKey: number): Promise<void> {
  await absent(trx, districtKey, 'schools', 'school_id');
  await absent(trx, districtKey, 'teachers', 'email');
  await absent(trx, districtKey, 'classes', 'class_id');
  await absent(trx, districtKey, 'students', 'email');
  await absentPairs(trx, districtKey, 'class_teachers', 'teacher_key');
  await absentPairs(trx, districtKey, 'enrollments', 'student_key');
}

async function absent(trx: Db, districtKey: number, kind: string, id: string): Promise<void> {
  await run(
    trx,
    `create temp table absent_${kind} on commit drop as
     select r.key, false as kept from rollcall.${kind} r
     where r.district_key = ? and r.active
       and not exists (select from file_${kind} f where f.${id} = r.${id} and f.accepted)`,
    [districtKey],
  );
  await run(trx, `analyze absent_${kind}`);
}

async function absentPairs(trx: Db, districtKey: number, kind: string, who: string): Promise<void> {
  await run(
    trx,
    `create temp table absent_${kind} on commit drop as
     select r.class_key, r.${who}, false as kept from rollcall.${kind} r
     where r.district_key = ? and r.active
       and not exists (select from file_${kind} f
                       where f.class_key = r.class_key and f.${who} = r.${who})`,
    [districtKey],
  );
  await run(trx, `analyze absent_${kind}`);
}
