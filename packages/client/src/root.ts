/** Where svscanboot looks. */
export const defaultRoot = '/service'
