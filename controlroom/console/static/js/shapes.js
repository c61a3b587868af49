// The shapes that the server sends, as the type checker sees them. They mirror `deltas.py` and `snapshot.py`.

/**
 * @typedef {"arc-alarm" | "camera-fault" | "help-point" | "lone-worker" | "guard" | "park" | "telecare"} Kind
 * @typedef {"mobile_response" | "log"} Route
 * @typedef {"new" | "owned" | "dispatched" | "on_scene" | "escalated" | "parked" | "resolved" | "closed"} Status
 * @typedef {"operator" | "supervisor" | "duty_manager"} Level
 * @typedef {"active" | "restored"} Condition
 *
 * @typedef {object} Signal
 * @property {Kind} kind
 * @property {string} area
 * @property {string} source
 * @property {string} event
 * @property {Route} route
 * @property {number} priority
 * @property {string} rule
 * @property {string[]} reasons
 * @property {string} [site]
 * @property {string} [name]
 * @property {string} [why]
 * @property {boolean} [test]
 * @property {string} [incident]
 * @property {string} [unit]
 *
 * @typedef {object} Incident
 * @property {string} id
 * @property {Kind} kind
 * @property {string} area
 * @property {string} source
 * @property {string} site
 * @property {string} event
 * @property {number} priority
 * @property {Status} status
 * @property {string} opened_at
 * @property {string} rule
 * @property {string} why
 * @property {number} version
 * @property {number} signals
 * @property {string} [name]
 * @property {boolean} [test]
 * @property {string} [owner]
 * @property {string} [order]
 * @property {string} [unit]
 * @property {string} [step]
 * @property {string} [due]
 * @property {string} [because]
 * @property {string} [closed_at]
 * @property {string} [outcome]
 * @property {Level} [level]
 * @property {string} [parked]
 * @property {Condition} [condition]
 * @property {number} [held_s]
 * @property {string} [rolled_up]
 * @property {number[]} [confirmed_by]
 * @property {string[]} [cameras]
 * @property {string[]} [back]
 * @property {number} [answer_s]
 * @property {{author: string, what: string, at: string}} [last]
 * @property {string} [into]
 * @property {string[]} [restricted] who alone may see it
 *
 * @typedef {{id: string, do: string, required: boolean}} PlanStep
 * @typedef {Incident & {notes?: {author: string, text: string, at: string}[], plan?: {title: string, silent: boolean, steps: PlanStep[]},
 *   steps?: {step: string, author: string, at: string, skipped: string}[],
 *   members?: {position: number, source: string, event: string, priority: number}[],
 *   keyholders?: {reference: string, role: string, turn: number}[]}} Detail  What the answer about one incident says.
 *
 * @typedef {{position: number, at: string, what: string, said?: string, by?: string, rule?: string, why?: string,
 *   asks?: string[], reasons?: string[]}} Entry  One line of an incident's timeline.
 *
 * @typedef {object} SitePicture
 * @property {string} site
 * @property {string} name
 * @property {string} site_kind
 * @property {string | null} state
 * @property {string | null} since
 * @property {boolean | null} open
 * @property {{reference: string, role: string, turn: number}[]} keyholders
 * @property {{what: string, detail: string, by: string}[]} expected
 * @property {{what: string, detail: string, since: string}[]} overdue
 * @property {{system: string, calls: number, limit: number}[]} false_calls
 *
 * @typedef {object} SiteCard
 * @property {string} site
 * @property {string | null} site_kind
 * @property {number | null} risk
 * @property {boolean} keys_held
 * @property {string[]} hazards
 * @property {string | null} review_by
 * @property {boolean} review_overdue
 * @property {string} entry
 * @property {string} notes
 * @property {{zone: string | null, reason: string, owner: string, until: string}[]} tests
 * @property {SitePicture | null} picture
 * @property {{id: string, kind: Kind, event: string, priority: number, status: Status, opened_at: string, outcome: string | null}[]} recent
 *
 * @typedef {{do: "opened", incident: Incident}} Opened
 * @typedef {{do: "joined", id: string, priority: number, standing: boolean, confirmed_by?: number[]}} Joined
 * @typedef {{do: "moved", id: string, status: Status, due: string | null, owner: string | null,
 *   order: string | null, unit: string | null, because: string | null, level: Level | null,
 *   parked: string | null, outcome: string | null}} Moved
 * @typedef {{do: "noted", id: string, author: string, text: string}} Written
 * @typedef {{do: "ticked", id: string, step: string, author: string, skipped: string}} Ticked
 * @typedef {{do: "condition", id: string, condition: Condition}} Eased
 * @typedef {{do: "closed", id: string, at: string, outcome: string}} Over
 * @typedef {{do: "stepped", order: string, step: string}} Stepped
 * @typedef {{do: "listed", id: string, cameras: string[], back: string[]}} Listed
 * @typedef {{do: "answered", id: string, seconds: number}} Answered
 * @typedef {{do: "gone", id: string}} Gone  restricted to others: the page starts over without it
 * @typedef {Opened | Joined | Moved | Written | Ticked | Eased | Over | Stepped | Listed | Answered | Gone} Step
 *
 * @typedef {object} Quarantined
 * @property {number} position
 * @property {string} at
 * @property {string} topic
 * @property {string} reason
 * @property {string} detail
 * @property {{text: string, hex: string, size: number, cut: boolean}} raw
 * @property {boolean} decided
 *
 * @typedef {{p: number, at: string, signal?: Signal, steps?: Step[], quarantine?: Quarantined}} Delta
 * @typedef {{after: number, through: number, stored: number, deltas: Delta[]}} Batch
 *
 * @typedef {object} Beat
 * @property {string} now
 * @property {number} epoch
 * @property {number} position
 * @property {number} stored
 * @property {boolean} demonstration
 * @property {string | null} degraded
 * @property {string} instance
 * @property {string} rule_set
 * @property {number} open
 * @property {number} quarantined
 * @property {Record<Kind, Record<Route, number>>} counts
 *
 * @typedef {object} Snapshot
 * @property {Beat} status
 * @property {number} epoch
 * @property {number} position
 * @property {number} as_of
 * @property {Incident[]} incidents
 * @property {Delta[]} recent
 * @property {Quarantined[]} quarantine
 * @property {string[]} units
 * @property {number} left_off
 *
 * @typedef {Incident & {at: number, dueMs: number, openedMs: number}} Row  An incident, the position of the last step
 *   that it contains, and its moments as numbers, by which it is sorted.
 * @typedef {Signal & {p: number, at: string}} SignalRow
 */

export {};
