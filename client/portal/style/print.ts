import { css } from './css.js';

/** On paper: black on white, no buttons, nothing cut in two. */
export const PRINT = css`
  @media (prefers-reduced-motion: no-preference) {
    button,
    .button {
      transition: background-color 0.12s;
    }
  }
  /* Windows' own high-contrast colours: keep what only a colour would say. */
  @media (forced-colors: active) {
    .steps .mark,
    .tag {
      border: 1px solid;
    }
  }
  @media print {
    :root {
      color-scheme: light;
      --ground: #fff;
      --card: #fff;
      --sunk: #fff;
      --line: #999;
      --ink: #000;
      --soft: #333;
      --green: #000;
      --amber: #000;
      --red: #000;
      --on-green: #fff;
      --shadow: none;
    }
    html {
      font-size: 10pt;
    }
    form,
    .skip,
    .actions {
      display: none;
    }
    .card,
    .findings li,
    .people li {
      break-inside: avoid;
    }
    .columns {
      display: block;
    }
    .columns > * + * {
      margin-block-start: 1rem;
    }
  }
`;
