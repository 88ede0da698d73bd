import './diagnostics.ts';
import './silence.ts';
import './code-actions.ts';
import './editing.ts';
import './sanity-run.ts';
import './own-model.ts';
import './looks.ts';
import './training-log.ts';
