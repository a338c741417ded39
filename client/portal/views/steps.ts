import type { Stage, WaitingOn } from '../../../workflows/stages.js';
import { STEPS } from '../words.js';
import { html, type Html } from './html.js';

/** The way to live as six steps; before the start none of them is current. */
export function stepsView(stage: Stage | 'not-started', waitingOn: WaitingOn): Html {
  const current = STEPS.findIndex(({ stages }) => stages.some((one) => one === stage));
  return html`<ol class="steps" aria-label="Progress">
    ${STEPS.map(({ title, stages }, n) => {
      const done = n < current || stage === 'live';
      const now = n === current && !done;
      const yours = now && waitingOn === 'district';
      const state = done
        ? stages.includes('live')
          ? 'On'
          : 'Done'
        : now
          ? yours
            ? 'Your turn'
            : 'Under way'
          : 'To come';
      return html`<li
        class="${done ? 'done' : now ? `current${yours ? ' yours' : ''}` : 'ahead'}"
        ${n === current ? html`aria-current="step"` : ''}
      >
        <span class="mark" aria-hidden="true">${done ? '✓' : n + 1}</span>
        <span><span class="title">${title}</span><span class="state">${state}</span></span>
      </li>`;
    })}
  </ol>`;
}
