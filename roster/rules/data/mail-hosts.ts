/** Mail services that families use, and how their names are mistyped. Data: add to it freely. */

const MISTYPED: Readonly<Record<string, readonly string[]>> = {
  'gmail.com': [
    'gmial.com',
    'gmai.com',
    'gmal.com',
    'gmil.com',
    'gamil.com',
    'gmaill.com',
    'gnail.com',
    'gmail.co',
    'gmail.con',
    'gmail.cm',
    'gmail.om',
    'gmail.comm',
    'googlemail.con',
  ],
  'yahoo.com': ['yaho.com', 'yahooo.com', 'yhoo.com', 'yahoo.co', 'yahoo.con', 'yahho.com'],
  'hotmail.com': ['hotmial.com', 'hotmal.com', 'hotmai.com', 'hotmil.com', 'hotmail.con'],
  'outlook.com': ['outlok.com', 'outloook.com', 'outlook.con', 'outlook.co'],
  'icloud.com': ['iclod.com', 'icloud.con', 'icoud.com'],
  'aol.com': ['aol.con', 'aoll.com'],
};

const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries(MISTYPED).flatMap(([meant, typed]) => typed.map((one) => [one, meant] as const)),
);

/** The service that a domain was meant to be, or null. */
export const mistypedMailHost = (domain: string): string | null => MEANT.get(domain) ?? null;
