/** The panels over the video; at most one is open. */
export type Panel = 'settings' | 'stats' | 'help';
