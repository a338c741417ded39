import { css } from './css.js';

/** Cards, notices, buttons and fields. */
export const PARTS = css`
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--round);
    box-shadow: var(--shadow);
    padding: clamp(1.1rem, 3vw, 1.6rem);
    min-width: 0;
  }
  .card + .card {
    margin-block-start: var(--gap);
  }
  .card > h2:first-child {
    margin-block-end: 0.75rem;
  }
  .columns {
    display: grid;
    gap: var(--gap);
    align-items: start;
  }
  .columns > * {
    min-width: 0;
  }
  @media (min-width: 60rem) {
    .columns {
      grid-template-columns: minmax(0, 1.7fr) minmax(19rem, 1fr);
    }
  }

  .notice {
    border: 1px solid var(--line);
    border-inline-start: 0.35rem solid var(--soft);
    border-radius: 0.5rem;
    background: var(--card);
    padding: 0.8rem 1rem;
    margin-block-end: var(--gap);
  }
  .notice.good {
    border-inline-start-color: var(--green);
    background: var(--green-wash);
  }
  .notice.bad {
    border-inline-start-color: var(--red);
    background: var(--red-wash);
  }
  .notice.care {
    border-inline-start-color: var(--amber);
    background: var(--amber-wash);
  }
  .card .notice {
    margin-block-end: 0.85rem;
  }

  .now {
    box-shadow:
      inset 0 0.3rem 0 var(--green),
      var(--shadow);
    padding-block-start: 1.6rem;
  }
  .now.yours {
    box-shadow:
      inset 0 0.3rem 0 var(--amber),
      var(--shadow);
  }
  .now .turn {
    display: inline-block;
    font-size: 0.85rem;
    font-weight: 600;
    padding: 0.15rem 0.65rem;
    border-radius: 1rem;
    background: var(--green-wash);
    color: var(--green);
    margin-block-end: 0.6rem;
  }
  .now.yours .turn {
    background: var(--amber-wash);
    color: var(--amber);
  }
  .since,
  .hint,
  .soft {
    color: var(--soft);
    font-size: 0.92rem;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem 1rem;
  }
  .actions:not(:first-child) {
    margin-block-start: 1rem;
  }
  button,
  .button {
    display: inline-block;
    font: inherit;
    font-weight: 600;
    line-height: 1.3;
    min-height: 2.75rem;
    padding: 0.65rem 1.2rem;
    border-radius: 0.5rem;
    border: 1px solid var(--green);
    background: var(--green);
    color: var(--on-green);
    text-decoration: none;
    text-align: center;
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    background: var(--green-strong);
    border-color: var(--green-strong);
    color: var(--on-green);
  }
  button.quiet,
  .button.quiet {
    background: transparent;
    color: var(--green);
    border-color: var(--line-strong);
  }
  button.quiet:hover,
  .button.quiet:hover {
    background: var(--green-wash);
    color: var(--green-strong);
    border-color: var(--green);
  }
  label {
    display: block;
    font-weight: 600;
  }
  textarea {
    display: block;
    width: 100%;
    font: inherit;
    color: inherit;
    background: var(--ground);
    border: 1px solid var(--line-strong);
    border-radius: 0.5rem;
    padding: 0.6rem 0.75rem;
    margin-block: 0.4rem 0.75rem;
    resize: vertical;
  }
  textarea[aria-invalid='true'] {
    border: 2px solid var(--red);
  }
  .field-error {
    color: var(--red);
    font-weight: 600;
    margin-block-end: 0.4rem;
  }

  details > summary {
    cursor: pointer;
    font-weight: 600;
    color: var(--green);
    padding-block: 0.55rem;
    min-height: 2.5rem;
  }
  .answer {
    margin-block-start: 0.75rem;
  }
  .answer > summary {
    display: inline-block;
    list-style: none;
    padding: 0.65rem 1.2rem;
    min-height: 2.75rem;
    line-height: 1.3;
    border: 1px solid var(--line-strong);
    border-radius: 0.5rem;
  }
  .answer > summary::-webkit-details-marker {
    display: none;
  }
  .answer > summary:hover {
    background: var(--green-wash);
    border-color: var(--green);
  }
  details[open] > summary {
    margin-block-end: 0.4rem;
  }
  .answer[open] > summary {
    margin-block-end: 1rem;
  }
  .card > details.later {
    border-block-start: 1px solid var(--line);
    margin-block-start: 1rem;
    padding-block-start: 0.5rem;
  }
`;
