import { css } from './css.js';

/** Bare elements and the frame of every page. */
export const BASE = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  html {
    font-family: var(--sans);
    font-size: 100%;
    line-height: 1.55;
    color: var(--ink);
    background: var(--ground);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  body {
    margin: 0;
    min-height: 100vh;
    display: flex;
    flex-direction: column;
  }
  h1,
  h2,
  h3 {
    font-family: var(--serif);
    font-weight: 600;
    line-height: 1.2;
    margin: 0 0 0.5rem;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.3rem);
    letter-spacing: -0.01em;
  }
  h2 {
    font-size: 1.3rem;
  }
  h3 {
    font-size: 1.05rem;
  }
  h3:not(:first-child) {
    margin-block-start: 1.4rem;
  }
  p,
  ul,
  ol,
  dl {
    margin: 0 0 0.85rem;
  }
  p,
  li,
  dd {
    overflow-wrap: anywhere;
  }
  :last-child {
    margin-block-end: 0;
  }
  a {
    color: var(--green);
    text-underline-offset: 0.15em;
  }
  a:hover {
    color: var(--green-strong);
    text-decoration-thickness: 2px;
  }
  code,
  .mono {
    font-family: var(--mono);
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
    border-radius: 0.25rem;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .skip {
    position: absolute;
    left: 1rem;
    top: -4rem;
    padding: 0.6rem 1rem;
    background: var(--card);
    border-radius: 0 0 0.5rem 0.5rem;
    z-index: 1;
  }
  .skip:focus {
    top: 0;
  }

  .frame {
    width: 100%;
    max-width: 70rem;
    margin-inline: auto;
    padding-inline: clamp(1rem, 4vw, 2rem);
  }
  .masthead {
    border-block-end: 1px solid var(--line);
    background: var(--card);
  }
  .masthead .frame {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.25rem 1.5rem;
    padding-block: 0.8rem;
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 0.55rem;
    font-family: var(--serif);
    font-size: 1.15rem;
    font-weight: 600;
  }
  .brand svg {
    width: 1.5rem;
    height: 1.5rem;
    color: var(--green);
  }
  .masthead .by {
    color: var(--soft);
    font-size: 0.9rem;
  }
  main {
    flex: 1;
    padding-block: clamp(1.5rem, 4vw, 2.75rem);
  }
  .footer {
    border-block-start: 1px solid var(--line);
    color: var(--soft);
    font-size: 0.9rem;
  }
  .footer .frame {
    padding-block: 1.1rem 1.5rem;
  }
  .lead {
    color: var(--soft);
    margin-block-end: var(--gap);
  }
  .narrow {
    max-width: 42rem;
    margin-inline: auto;
  }
`;
