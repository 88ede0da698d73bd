import { architecturePreferenceTable } from './architectures.ts';
import { benchmarks } from './benchmarks.ts';
import {
  decisionTree,
  optimizerSwitchingTable,
  principleTable,
  reasonTable,
  trendTable,
  tuningOrderTable,
} from './choosing.ts';
import { domainPreferenceTable } from './domains.ts';
import {
  bf16ModelTable,
  loaderStrictnessTable,
  renamedKeyTable,
  settingConflictTable,
  wordSettingTable,
} from './framework-facts.ts';
import { glossaryTable } from './glossary.ts';
import { inferenceTable, modelSizeTable } from './inference.ts';
import { keyDomainTable } from './key-domains.ts';
import { limitTable } from './limits.ts';
import { numericDomainTable, numericFormatTable, usualValueTable } from './numbers.ts';
import { optimizerNameTable, optimizerTable } from './optimizers.ts';
import { exchangeTable, proxyTable } from './proxies.ts';
import { learningRateSweepTable, proxyReferenceTable } from './proxy-references.ts';
import { scalingRuleTable } from './scaling.ts';
import { situationTable } from './situations.ts';
import { symptomTable, symptomThresholdTable } from './symptoms.ts';
import { dataTraitPreferenceTable, goalPreferenceTable } from './traits-and-goals.ts';

/** Every table, as `trainlint tables` prints them: first the source's own, then what goes beyond it. */
export function allTables() {
  return {
    optimizers: optimizerTable,
    domainPreferences: domainPreferenceTable,
    architecturePreferences: architecturePreferenceTable,
    dataTraitPreferences: dataTraitPreferenceTable,
    goalPreferences: goalPreferenceTable,
    symptoms: symptomTable,
    decisionTree: withoutSchema(decisionTree),
    tuningOrder: tuningOrderTable,
    benchmarks: withoutSchema(benchmarks),
    glossary: glossaryTable,
    reasons: reasonTable,
    principles: principleTable,
    optimizerSwitching: optimizerSwitchingTable,
    scalingRules: scalingRuleTable,
    trends: trendTable,
    situations: situationTable,
    usualValues: usualValueTable,
    limits: limitTable,
    numericDomains: numericDomainTable,
    numericFormats: numericFormatTable,
    keyDomains: keyDomainTable,
    settingConflicts: settingConflictTable,
    renamedKeys: renamedKeyTable,
    wordSettings: wordSettingTable,
    loaderStrictness: loaderStrictnessTable,
    bf16Models: bf16ModelTable,
    symptomThresholds: symptomThresholdTable,
    optimizerNames: optimizerNameTable,
    inference: inferenceTable,
    modelSizes: modelSizeTable,
    proxies: proxyTable,
    learningRateExchange: exchangeTable,
    proxyReferences: proxyReferenceTable,
    learningRateSweeps: learningRateSweepTable,
  };
}

function withoutSchema<T extends { $schema?: string }>({ $schema: _, ...rest }: T): Omit<T, '$schema'> {
  return rest;
}
