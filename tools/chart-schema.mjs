// helm/values.schema.json: the values of the chart as values.yaml declares them, and `config` as the program itself does.

/**
 * @param values from `chartValues`
 * @param configuration the schema of the configuration file
 */
export function chartSchema(values, configuration) {
  const { $schema, $defs, title, anyOf, ...others } = configuration;
  // Without a choice, so that a problem is reported where it is. Who registers everything in included files writes `issuers: {}`.
  const config = { ...others, required: anyOf[0].required };
  const parts = { config, includes: includesOf($defs.Owner) };
  return {
    $schema,
    title: 'Values of the Helm chart of Assay',
    ...mapping(values, parts),
    $defs,
  };
}

/** Included files by name: where they come from, and what they may say. The chart itself knows where it mounts them. */
function includesOf({ properties, required, ...owner }) {
  const { files, ...rights } = properties;
  const name = {
    type: 'string',
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    maxLength: 253,
  };
  const include = {
    type: 'object',
    additionalProperties: false,
    required: ['owner'],
    properties: {
      configMap: { description: 'name of a ConfigMap', ...name },
      secret: { description: 'name of a Secret, instead', ...name },
      owner: {
        description: 'what the files may say',
        ...owner,
        required: required.filter((key) => key !== 'files'),
        properties: rights,
      },
    },
  };
  return {
    type: 'object',
    additionalProperties: false,
    // A part of the name of a volume.
    patternProperties: { '^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$': { anyOf: [include, { type: 'null' }] } },
  };
}

function mapping(values, parts) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries([
      // Helm's own, for charts that have this one as a part.
      ...(parts ? [['global', { type: 'object' }]] : []),
      ...values.map((value) => [
        value.path.at(-1),
        parts && Object.hasOwn(parts, value.path.join('.'))
          ? withDescription(value, parts[value.path.join('.')])
          : schemaOf(value),
      ]),
    ]),
  };
}

function schemaOf(value) {
  const inferred = value.children.length > 0 ? mapping(value.children) : { type: typeOf(value.value) };
  return withDescription(value, { ...inferred, ...value.schema });
}

function withDescription({ description }, schema) {
  return { description: description.replaceAll('`', ''), ...schema };
}

function typeOf(value) {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'integer' : typeof value;
}
