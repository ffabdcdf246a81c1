// The house, left to right: a folder imports only from folders to its left (ARCHITECTURE.md).
const order = [
  'shared',
  'telemetry',
  'config',
  'tokens',
  'signing',
  'transport',
  'redis',
  'changes',
  'claims',
  'issuers',
  'keys',
  'revocation',
  'verification',
  'upstream',
  'proofs',
  'callers',
  'signals',
  'hygiene',
  'introspection',
  'gateway',
  'health',
  'admin',
  'demo',
  'app',
  'cli',
];
const pure = ['tokens', 'claims'];
const nestFiles = '\\.(module|controller|guard|filter|pipe|interceptor|decorator|health)\\.ts$';
const any = (names) => `^src/(${names.join('|')})/`;

const looksLeft = order
  .map((folder, i) => ({ folder, right: order.slice(i + 1) }))
  .filter(({ right }) => right.length > 0)
  .map(({ folder, right }) => ({
    name: `${folder}-looks-left`,
    severity: 'error',
    from: { path: any([folder]) },
    to: { path: any(right) },
  }));

/** Rooms of a folder, left to right: a room imports only from rooms to its left, and of the floor only the ground. */
function roomsLookLeft(folder, rooms, ground) {
  const groundKnowsNoRoom = {
    name: `${folder}-ground-knows-no-room`,
    severity: 'error',
    from: { path: ground.map((file) => `^src/${folder}/${file}$`) },
    to: { path: `^src/${folder}/[^/]+/` },
  };
  const roomLooksLeft = rooms.map((room, i) => ({
    name: `${folder}-${room}-looks-left`,
    severity: 'error',
    from: { path: `^src/${folder}/${room}/`, pathNot: '\\.spec\\.ts$' },
    to: {
      path: [...rooms.slice(i + 1).map((right) => `^src/${folder}/${right}/`), `^src/${folder}/[^/]+$`],
      pathNot: ground.map((file) => `^src/${folder}/${file}$`),
    },
  }));
  return [groundKnowsNoRoom, ...roomLooksLeft];
}

module.exports = {
  forbidden: [
    ...looksLeft,
    ...roomsLookLeft(
      'keys',
      ['source', 'record', 'store', 'accepted', 'events', 'refresh', 'fleet'],
      ['key-timing\\.ts'],
    ),
    ...roomsLookLeft('callers', ['credentials', 'limits', 'methods', 'registration'], ['caller\\.ts']),
    {
      name: 'a-caller-method-knows-no-other',
      comment: 'Each is one folder behind the port; only the list knows them all.',
      severity: 'error',
      from: { path: '^src/callers/methods/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^src/callers/methods/',
        pathNot: ['^src/callers/methods/$1/', '/caller-method\\.ts$'],
      },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    {
      name: 'rooms-do-not-know-the-process',
      severity: 'error',
      from: { path: any(order) },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'tokens-and-claims-are-pure',
      comment: 'They know no telemetry, no network and no framework.',
      severity: 'error',
      from: { path: any(pure), pathNot: '\\.(spec|module)\\.ts$' },
      to: { pathNot: ['^src/(shared|tokens|claims)/', 'node_modules/(jose)/', '^(node:)?crypto$'] },
    },
    {
      name: 'nest-stays-in-nest-files',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [nestFiles, '^src/main\\.ts$', '^src/app/', '^src/transport/http/', '\\.spec\\.ts$'],
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'source-does-not-import-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench|tools)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
