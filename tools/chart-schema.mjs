// helm/values.schema.json: the values of the chart as values.yaml declares them, and `config` as the program itself does.

/**
 * @param values from `chartValues`
 * @param configuration the schema of the configuration file
 */
export function chartSchema(values, configuration) {
  const { $schema, $defs, title, anyOf, ...others } = configuration;
  // Without a choice, so that a problem is reported where it is. Who registers everything in included files writes `issuers: {}`.
  const config = { ...others, required: anyOf[0].required };
  return {
    $schema,
    title: 'Values of the Helm chart of Assay',
    ...mapping(values, config),
    $defs,
  };
}

function mapping(values, config) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries([
      // Helm's own, for charts that have this one as a part.
      ...(config ? [['global', { type: 'object' }]] : []),
      ...values.map((value) => [
        value.path.at(-1),
        value.path.join('.') === 'config' ? withDescription(value, config) : schemaOf(value),
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
