import { json, toml } from './loaders/literal.ts';
import { type YamlRules, yamlLoader } from './loaders/yaml-scalar.ts';
import type { Loader, LoaderId } from './types.ts';

/** PyYAML 6 `SafeLoader`; Full, Unsafe and the C loaders resolve scalars alike. Source: yaml/resolver.py. */
const pyyaml: YamlRules = {
  id: 'pyyaml',
  name: 'PyYAML',
  boolean: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  null: /^(?:~|null|Null|NULL|)$/,
  integer:
    /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/,
  // Only with a dot, and an exponent only with a sign: `5e-5`, `1e5` and `1.0e5` stay strings.
  float:
    /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  oldIntegers: true,
  missingMark: false,
  needsDot: true,
};

/** The float rule that OmegaConf and jsonargparse add to PyYAML: the dot and the sign become optional. */
const lenientFloat =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*[eE][-+]?\d+|\.[\d_]+(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Source: omegaconf/_yaml.py `get_yaml_loader`. */
const omegaconf: YamlRules = {
  ...pyyaml,
  id: 'omegaconf',
  name: 'OmegaConf',
  float: lenientFloat,
  missingMark: true,
  needsDot: false,
};

/** Source: jsonargparse/_loaders_dumpers.py `get_yaml_default_loader`. */
const jsonargparse: YamlRules = {
  ...pyyaml,
  id: 'jsonargparse',
  name: 'jsonargparse',
  float: lenientFloat,
  needsDot: false,
};

/** YAML 1.2 as ruamel.yaml reads it without a `%YAML` line. Source: ruamel/yaml/resolver.py. */
const yaml12: YamlRules = {
  id: 'yaml-1.2',
  name: 'YAML 1.2',
  boolean: /^(?:true|True|TRUE|false|False|FALSE)$/,
  null: /^(?:~|null|Null|NULL|)$/,
  integer: /^(?:[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[\d_]+|[-+]?0x[\da-fA-F_]+)$/,
  float:
    /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*[eE][-+]?\d+|[-+]?\.[\d_]+(?:[eE][-+]\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  oldIntegers: false,
  missingMark: false,
  needsDot: false,
};

const loaders: Readonly<Record<LoaderId, Loader>> = {
  pyyaml: yamlLoader(pyyaml),
  omegaconf: yamlLoader(omegaconf),
  jsonargparse: yamlLoader(jsonargparse),
  'yaml-1.2': yamlLoader(yaml12),
  json,
  toml,
};

export function loaderById(id: LoaderId): Loader {
  return loaders[id];
}
