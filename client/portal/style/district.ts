import { css } from './css.js';

/** What only the district's page has: steps, facts, counts, findings, logins, mails. */
export const DISTRICT = css`
  .steps {
    list-style: none;
    padding: 0;
    margin: 0 0 var(--gap);
    display: grid;
  }
  .steps li {
    position: relative;
    display: grid;
    grid-template-columns: 1.9rem 1fr;
    gap: 0.75rem;
    padding-block-end: 0.9rem;
    color: var(--soft);
    overflow-wrap: normal;
  }
  .steps li:last-child {
    padding-block-end: 0;
  }
  .steps .mark {
    position: relative;
    z-index: 1;
    display: grid;
    place-items: center;
    width: 1.9rem;
    height: 1.9rem;
    border-radius: 50%;
    border: 2px solid var(--line-strong);
    background: var(--ground);
    font-size: 0.85rem;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .steps li:not(:last-child)::after {
    content: '';
    position: absolute;
    inset-inline-start: calc(0.95rem - 1px);
    inset-block: 1.9rem 0;
    border-inline-start: 2px solid var(--line);
  }
  .steps .title {
    display: block;
    font-weight: 600;
    padding-block-start: 0.15rem;
  }
  .steps .state {
    display: block;
    font-size: 0.85rem;
  }
  .steps .done .mark {
    background: var(--green);
    border-color: var(--green);
    color: var(--on-green);
  }
  .steps li.done:not(:last-child)::after {
    border-color: var(--green);
  }
  .steps .done .title,
  .steps .current .title {
    color: var(--ink);
  }
  .steps .current .mark {
    border-color: var(--green);
    color: var(--green);
    box-shadow: 0 0 0 4px var(--green-wash);
  }
  .steps .current .state {
    color: var(--green);
    font-weight: 600;
  }
  .steps .current.yours .mark {
    border-color: var(--amber);
    color: var(--amber);
    box-shadow: 0 0 0 4px var(--amber-wash);
  }
  .steps .current.yours .state {
    color: var(--amber);
  }
  @media (min-width: 48rem) {
    .steps {
      grid-template-columns: repeat(6, minmax(0, 1fr));
      gap: 0.75rem;
    }
    .steps li {
      grid-template-columns: 1fr;
      gap: 0.35rem;
      align-content: start;
      padding: 0;
    }
    .steps li:not(:last-child)::after {
      inset-inline: 2.3rem -0.35rem;
      inset-block: calc(0.95rem - 1px) auto;
      border-inline-start: 0;
      border-block-start: 2px solid var(--line);
    }
  }

  .facts {
    margin: 0 0 0.85rem;
  }
  .facts > div {
    padding-block: 0.5rem;
    border-block-end: 1px solid var(--line);
  }
  .facts > div:last-child {
    border-block-end: 0;
  }
  .facts dt {
    font-size: 0.88rem;
    color: var(--soft);
  }
  .facts dd {
    margin: 0;
  }
  .copy {
    user-select: all;
  }
  .secret {
    display: block;
    font-family: var(--mono);
    font-size: 1.25rem;
    letter-spacing: 0.02em;
    padding: 0.9rem 1rem;
    margin-block: 0.5rem 1rem;
    background: var(--sunk);
    border: 1px dashed var(--line-strong);
    border-radius: 0.5rem;
    user-select: all;
    overflow-wrap: anywhere;
  }

  .counts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
    gap: 0.75rem;
    margin: 0 0 1rem;
  }
  .counts > div {
    background: var(--sunk);
    border-radius: 0.5rem;
    padding: 0.7rem 0.9rem;
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
  }
  .counts dt {
    font-size: 0.88rem;
    color: var(--soft);
  }
  .counts dd {
    margin: 0;
    font-family: var(--serif);
    font-size: 1.5rem;
    line-height: 1.2;
    font-variant-numeric: tabular-nums lining-nums;
  }

  .findings {
    list-style: none;
    padding: 0;
    margin-block-end: 0;
  }
  .findings li {
    padding-block: 0.9rem;
    border-block-start: 1px solid var(--line);
  }
  .findings li:last-child {
    padding-block-end: 0;
  }
  .findings p {
    margin-block-end: 0.3rem;
  }
  .tag {
    display: inline-block;
    font-size: 0.8rem;
    font-weight: 600;
    padding: 0.05rem 0.55rem;
    border-radius: 1rem;
    background: var(--sunk);
    color: var(--soft);
    margin-inline-end: 0.35rem;
    white-space: nowrap;
  }
  .tag.error {
    background: var(--red-wash);
    color: var(--red);
  }
  .tag.warning {
    background: var(--amber-wash);
    color: var(--amber);
  }
  .findings .code {
    color: var(--soft);
    font-size: 0.8rem;
    font-family: var(--mono);
  }

  .people {
    list-style: none;
    padding: 0;
    margin-block-end: 0;
  }
  .people li {
    padding-block: 0.6rem;
    border-block-end: 1px solid var(--line);
  }
  .people span,
  .people code {
    display: block;
  }

  .columns-list {
    columns: 2;
    column-gap: 1.5rem;
    padding-inline-start: 1.5rem;
    font-size: 0.92rem;
  }
  @media (max-width: 24rem) {
    .columns-list {
      columns: 1;
    }
  }

  .mail pre {
    font-family: var(--mono);
    font-size: 0.9rem;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    margin: 0.75rem 0 0;
    padding-block-start: 0.75rem;
    border-block-start: 1px solid var(--line);
  }
  .mail h2 {
    font-size: 1.1rem;
  }
`;
