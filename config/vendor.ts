/** The vendor's own settings: who runs Rollcall, and the products that students log in to. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from './errors.js';

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'must be a web address, such as https://product.example/login',
});
const vendorFileSchema = z.strictObject({
  vendor: z.strictObject({
    name: z.string('must be a text').trim().min(1, 'must not be empty'),
    supportAddress: z.email('must be a mail address'),
  }),
  products: z
    .array(
      z.strictObject({
        id: z
          .string('must be a text')
          .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be of lower-case letters, digits and hyphens'),
        name: z.string('must be a text').trim().min(1, 'must not be empty'),
        loginUrl: webAddress,
      }),
      'must be a list',
    )
    .min(1, 'must have at least one product')
    .refine((products) => new Set(products.map(({ id }) => id)).size === products.length, {
      error: 'must not have two products with one id',
    }),
});

export interface Product {
  /** Short name for `--product`, for example `rocketlit`. */
  readonly id: string;
  readonly name: string;
  /** Where students and teachers log in. */
  readonly loginUrl: string;
}
export interface Vendor {
  readonly name: string;
  /** Where districts write to, and where escalations go. */
  readonly supportAddress: string;
  readonly products: readonly Product[];
}

/** Reads `rollcall.config.json`. Throws ConfigError with all of its problems at once. */
export async function readVendor(file: string): Promise<Vendor> {
  const parsed = vendorFileSchema.safeParse(await readJson(file));
  if (!parsed.success)
    throw new ConfigError(
      `The vendor's settings in ${file} need mending`,
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`),
    );
  const { vendor, products } = parsed.data;
  return { name: vendor.name, supportAddress: vendor.supportAddress, products };
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError("The vendor's settings cannot be read", [
      `${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}; ` +
        'set ROLLCALL_CONFIG to a file like the rollcall.config.json that comes with Rollcall.',
    ]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError("The vendor's settings cannot be read", [`${file}: is not valid JSON.`]);
  }
}
