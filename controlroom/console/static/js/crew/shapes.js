// The shapes that the crew page is told, as the type checker sees them. They mirror `crew_views.py` and `cards.py`.

/**
 * @typedef {"accepted" | "refused" | "en_route" | "on_scene" | "cleared" | "stood_down" | "acknowledged"} Step
 * @typedef {object} Job
 * @property {string} order
 * @property {string} incident
 * @property {string} site
 * @property {string} kind
 * @property {number} priority
 * @property {string} instruction
 * @property {string} issued_at
 * @property {number} version
 * @property {Step | null} step
 * @property {string | null} name
 * @property {boolean | null} keys
 * @property {string} entry
 * @property {string} notes
 * @property {string[]} hazards
 * @property {string | null} update the name of what the crew has not acknowledged yet
 *
 * @typedef {object} InHand
 * @property {string} unit
 * @property {string} call_sign
 * @property {"off_duty" | "available" | "offered" | "en_route" | "on_scene" | "busy"} status
 * @property {Job | null} current
 * @property {string | null} due
 * @property {Job[]} waiting
 * @property {string | null} check_due
 * @property {boolean} [taken]
 * @property {string} [reason]
 *
 * @typedef {{path: string, said: string, at: number, body: Record<string, unknown> & {report: string}}} Press
 */

export {};
