/** The names of the rights that the browser asks about; the server decides, this only mirrors. */
export const RIGHTS = {
  listClients: 'client.list',
  createClient: 'client.create',
  assignClient: 'client.assign',
  tagClient: 'client.tag',
  recycleClient: 'client.recycle',
  exportClients: 'client.export',
  importClients: 'client.import',
  listUsers: 'user.list',
  createUser: 'user.create',
  updateUser: 'user.update',
  explainUser: 'user.explain',
  listRecord: 'record.list',
  verifyRecord: 'record.verify',
  exportRecord: 'record.export',
  viewKeys: 'key.view',
  rotateKeys: 'key.rotate',
  viewCatalogue: 'catalogue.view',
  viewSettings: 'settings.view',
  updateSettings: 'settings.update',
  createField: 'field.create',
} as const;

export type Right = (typeof RIGHTS)[keyof typeof RIGHTS];
