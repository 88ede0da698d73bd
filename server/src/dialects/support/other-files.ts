import type { ConfigView } from '../dialect.ts';
import { baseName } from './evidence.ts';

/** Names that belong to other tools, whatever stands inside. */
const otherNames =
  /^(package(-lock)?\.json|tsconfig.*\.json|jsconfig.*\.json|pyproject\.toml|cargo\.(toml|lock)|poetry\.lock|pipfile|environment\.ya?ml|(docker-)?compose.*\.ya?ml|mkdocs\.ya?ml|chart\.yaml|values\.yaml|\.pre-commit-config\.yaml|\.gitlab-ci\.yml|\.travis\.yml|_config\.yml|dependabot\.yml|generation_config\.json|tokenizer(_config)?\.json|special_tokens_map\.json|added_tokens\.json|preprocessor_config\.json|adapter_config\.json|trainer_state\.json|model_index\.json|dataset_infos?\.json|modelzoo.*\.ya?ml)$/i;

/** Keys that together mark another tool's file. */
const otherKeys: readonly (readonly string[])[] = [
  ['apiVersion', 'kind'],
  ['on', 'jobs'],
  ['true', 'jobs'],
  ['jobs', 'permissions'],
  ['services', 'volumes'],
  ['architectures', 'model_type'],
  ['model_type', 'vocab_size', 'hidden_size'],
  ['transformers_version', 'model_type'],
  ['peft_type', 'base_model_name_or_path'],
  ['log_history', 'global_step'],
  ['compilerOptions'],
  ['$schema', 'properties'],
  ['openapi', 'paths'],
  ['swagger', 'paths'],
  ['nbformat', 'cells'],
  ['build-system'],
  ['site_name', 'nav'],
  ['dependencies', 'channels'],
  ['repos', 'hooks'],
  // A Helm chart's values under another name; a job description of SageMaker, whose hyperparameters are strings.
  ['replicaCount', 'image'],
  ['AlgorithmSpecification', 'HyperParameters'],
  ['TrainingJobName'],
];

/** Whether a file certainly belongs to something that is no training run, so that no dialect is asked. */
export function isNoTrainingConfig(view: ConfigView, fileName: string): boolean {
  if (otherNames.test(baseName(fileName))) return true;
  if (/(^|[\\/])\.(github|circleci|vscode)[\\/]/.test(fileName)) return true;
  return otherKeys.some((keys) => keys.every((name) => view.has([name])));
}
