// What the map's two answers hold, as the type checker sees it. Mirrors `city_map.py`.

/**
 * @typedef {"site" | "camera" | "help_point" | "crew" | "spot"} PointKind  A `spot` is where an incident is that
 *   happens at no point: a home, for as long as the incident is open.
 * @typedef {"incident" | "fault" | "test" | "out" | "silent" | "unset" | "part_set" | "off" | "fine"} State
 *
 * @typedef {object} Point
 * @property {string} id
 * @property {PointKind} kind
 * @property {string} key
 * @property {string} name
 * @property {string} area
 * @property {number | null} latitude
 * @property {number | null} longitude
 * @property {string} [group]
 * @property {string} [site]
 * @property {string[]} [cameras]
 *
 * @typedef {{address: string, min_zoom: number, max_zoom: number, bounds: [number, number, number, number], attribution: string, layers: string[]}} Tiles
 * @typedef {{points: Point[], near_m: number, near_most: number, tiles: Tiles | null}} Plan
 *
 * @typedef {{id: string, status: string, latitude: number | null, longitude: number | null, reported: boolean, at?: string | null}} CrewSpot
 * @typedef {object} Now
 * @property {number} position
 * @property {string[]} down
 * @property {string[]} silent
 * @property {string[]} stuck
 * @property {string[]} untested
 * @property {Record<string, string[]>} sites
 * @property {string[]} owing
 * @property {string[]} on_test
 * @property {CrewSpot[]} crews
 * @property {{incident: string, latitude: number, longitude: number}[]} incidents
 *
 * @typedef {[number, number]} At  Latitude and longitude in degrees.
 *
 * @typedef {object} Item  One point as it stands now.
 * @property {string} id
 * @property {PointKind} kind
 * @property {string} key
 * @property {string} name
 * @property {string} area
 * @property {At | null} at
 * @property {State} state
 * @property {string} word  The state in words.
 * @property {number} priority  Of the most pressing incident; 0 without one.
 * @property {import("../shapes.js").Row[]} incidents  Open there, the most pressing first.
 * @property {string} note  What else has to be known of where it is.
 * @property {string | null} since  When that place was told, for what moves.
 * @property {string} group
 * @property {string[]} cameras
 */

export {};
