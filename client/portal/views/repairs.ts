import { repairMessage } from '../../../roster/repairs.js';
import { counted } from '../times.js';
import type { DistrictView } from '../view-model.js';
import { html, type Html } from './html.js';

/** What we put right by ourselves, one entry a kind: nothing to do, but nothing hidden either. */
export function repairsView({ repairs }: DistrictView): Html {
  if (repairs.length === 0) return html``;
  const kinds = [...new Set(repairs.map(({ code }) => code))].map((code) => {
    const all = repairs.filter((one) => one.code === code);
    const rows = all.reduce((sum, one) => sum + one.rows, 0);
    return { code, rows, first: all[0]! };
  });
  return html`<h3>What we put right ourselves</h3>
    <ul>
      ${kinds.map(
        ({ code, rows, first }) =>
          html`<li>
            ${repairMessage(code)}
            <span class="soft"
              >${rows > 0 ? `${counted(rows, 'row')}, first on` : 'On'} line ${first.line}:
              ${shown(first.before)} → ${shown(first.after)}</span
            >
          </li>`,
      )}
    </ul>`;
}

/** Longer ones stand in the full list that `report --json` gives to support. */
const LONGEST_CASE = 60;

function shown(text: string): Html {
  if (text === '') return html`nothing`;
  return html`<code
    >${text.length > LONGEST_CASE ? `${text.slice(0, LONGEST_CASE)}…` : text}</code
  >`;
}
