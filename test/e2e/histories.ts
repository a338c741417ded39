/** Every word that Temporal keeps of a run, decoded, for the search for what must not be there. */
import type { Client } from '@temporalio/client';
import { parse } from 'csv-parse/sync';

/** Histories, memos and search attributes of every workflow, payloads decoded; keyed by workflow id. */
export async function everythingKept(client: Client): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  for await (const workflow of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflow.workflowId, workflow.runId);
    const history = await handle.fetchHistory();
    const described = await handle.describe();
    kept.set(
      `${workflow.workflowId} ${workflow.runId}`,
      [
        decoded(history),
        JSON.stringify(described.memo),
        JSON.stringify(described.searchAttributes),
        decoded(described.raw),
      ].join('\n'),
    );
  }
  return kept;
}

/** All texts in `value`; whatever is base64 of readable text is given decoded as well. */
export function decoded(value: unknown): string {
  if (typeof value === 'string') {
    if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) return value;
    return `${value}\n${Buffer.from(value, 'base64').toString('utf8')}`;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(decoded).join('\n');
  if (value && typeof value === 'object') return Object.values(value).map(decoded).join('\n');
  return '';
}

/** The persons' names and addresses of a roster file: what may stand nowhere but in the store. */
export function personalData(text: string): string[] {
  const rows: Record<string, string>[] = parse(text, {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const found = new Set<string>();
  for (const row of rows) {
    for (const column of ['teacher_email', 'student_email']) found.add(row[column] ?? '');
    found.add(`${row['student_first_name']} ${row['student_last_name']}`);
    found.add(`${row['teacher_first_name']} ${row['teacher_last_name']}`);
    found.add(row['student_last_name'] ?? '');
    found.add(row['teacher_last_name'] ?? '');
  }
  return [...found].filter((one) => one.trim().length >= 5);
}

/** Which of `secrets` stand in `text` as words of their own. */
export function foundIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => {
    const at = text.indexOf(secret);
    if (at < 0) return false;
    const around = `${text[at - 1] ?? ' '}${text[at + secret.length] ?? ' '}`;
    return !/[A-Za-z0-9]/.test(around);
  });
}
