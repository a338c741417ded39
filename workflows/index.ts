/** What the worker bundles: the workflow types, and nothing else. */
export { districtOnboarding } from './district-onboarding.js';
export { housekeeping } from './housekeeping.js';
export { filterPreview } from './filter-preview.js';
export { rosterSync } from './roster-sync.js';
export { rosterUndo } from './roster-undo.js';
