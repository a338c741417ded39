/**
 * Temporal's own conversion, except that a signal's payload that cannot be decoded (broken JSON,
 * an encoding that nobody knows) is taken for a missing one. Otherwise such a signal would fail
 * the workflow's task again and again, and hold up a district until somebody resets it.
 *
 * Every bundle of the workflows is made with this file as `payloadConverterPath`, as handlers that
 * were made `lenient` ask for it. The outside needs no converter of ours.
 */
import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/workflow';

const CONVERTER = 'rollcall/lenient';
/** More arguments than any signal has. */
const ARGUMENTS = 8;
const ANYTHING = Object.freeze({ payloadConverterHint: { converter: CONVERTER } });

/** A signal definition for `setHandler`, whose payload may be anything. */
export const lenient = <Definition extends { readonly type: 'signal' }>(
  definition: Definition,
): Definition => ({
  ...definition,
  typeInfo: { inputTypes: Array.from({ length: ARGUMENTS }, () => ANYTHING) },
});

export const payloadConverter: PayloadConverter = {
  toPayload: (value, context) => defaultPayloadConverter.toPayload(value, context),
  fromPayload: (payload, context, hint) => {
    try {
      return defaultPayloadConverter.fromPayload(payload, context) as never;
    } catch (error) {
      if (hint?.converter !== CONVERTER) throw error;
      return undefined as never;
    }
  },
};
