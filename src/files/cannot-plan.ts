/** Files cannot be known without making them; see `PlannedFiles`. Nothing is wrong: they have to be made on a disk. */
export class CannotPlan extends Error {}
