/** Marks a template as CSS, so that editors and prettier treat it so. */
export const css = (strings: TemplateStringsArray): string => String.raw(strings);
