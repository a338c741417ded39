import { css } from './css.js';

/**
 * Colours, measures and faces. Paper and chalkboard green by day, slate by night; every pair
 * of text and ground has a contrast of at least 4.5 to 1, every border of a control 3 to 1.
 */
export const TOKENS = css`
  :root {
    color-scheme: light dark;
    --ground: #f6f4ee;
    --card: #fffefb;
    --sunk: #f1eee5;
    --line: #ded8ca;
    --line-strong: #857f70;
    --ink: #1e2629;
    --soft: #566064;
    --green: #17594a;
    --green-strong: #0f4438;
    --on-green: #ffffff;
    --green-wash: #e6f0ea;
    --amber: #8a5200;
    --amber-wash: #fdf1da;
    --red: #a3271d;
    --red-wash: #fbe9e6;
    --focus: #1b5fc1;
    --shadow: 0 1px 2px rgb(40 36 24 / 6%), 0 6px 20px rgb(40 36 24 / 5%);
    --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif;
    --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace;
    --gap: clamp(1rem, 0.75rem + 1.2vw, 1.75rem);
    --round: 0.75rem;
  }

  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #12181a;
      --card: #1a2224;
      --sunk: #141c1e;
      --line: #2f3a3c;
      --line-strong: #7d8a8b;
      --ink: #e9ece8;
      --soft: #a9b4b2;
      --green: #86d1b6;
      --green-strong: #a9e2cd;
      --on-green: #0b2119;
      --green-wash: #17302a;
      --amber: #f0bd6a;
      --amber-wash: #33280f;
      --red: #f5a097;
      --red-wash: #3a1d1a;
      --focus: #8db8ff;
      --shadow: 0 1px 2px rgb(0 0 0 / 30%);
    }
  }
`;
