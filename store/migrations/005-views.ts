import type { Migration } from './index.js';

/** The public contract (docs/architecture.md, "The store"): only ever added to. */
export const views: Migration = {
  name: '005-views',
  async up(db) {
    await db.raw('create schema if not exists roster');
    await db.raw(`
      create view roster.schools as
      select s.id, d.id as district_id, s.school_id, s.name, s.active
      from rollcall.schools s join rollcall.districts d on d.key = s.district_key`);
    await db.raw(`
      create view roster.teachers as
      select t.id, d.id as district_id, t.email, t.first_name, t.last_name, t.active
      from rollcall.teachers t join rollcall.districts d on d.key = t.district_key`);
    await db.raw(`
      create view roster.students as
      select s.id, d.id as district_id, s.email, s.first_name, s.last_name, s.grade_level, s.active
      from rollcall.students s join rollcall.districts d on d.key = s.district_key`);
    await db.raw(`
      create view roster.classes as
      select c.id, d.id as district_id, c.class_id, s.school_id, c.name, c.active
      from rollcall.classes c
      join rollcall.schools s on s.key = c.school_key
      join rollcall.districts d on d.key = c.district_key`);
    await db.raw(`
      create view roster.class_teachers as
      select d.id as district_id, c.class_id, t.email as teacher_email, p.active
      from rollcall.class_teachers p
      join rollcall.classes c on c.key = p.class_key
      join rollcall.teachers t on t.key = p.teacher_key
      join rollcall.districts d on d.key = p.district_key`);
    await db.raw(`
      create view roster.enrollments as
      select d.id as district_id, c.class_id, s.email as student_email, p.active
      from rollcall.enrollments p
      join rollcall.classes c on c.key = p.class_key
      join rollcall.students s on s.key = p.student_key
      join rollcall.districts d on d.key = p.district_key`);
  },
};
