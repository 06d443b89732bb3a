import type { Command } from 'commander';
import { leafCommands } from './leaf-commands.ts';

const ID = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';

/** What one may type, by command: shown below its help. Tests read each of them as it stands. */
export const EXAMPLES: Record<string, readonly string[]> = {
  status: ['status', '--url https://api.example.com --token $TOKEN status', '--json status'],
  'flags list': ['flags list', '--json flags list'],
  'flags set': ['flags set fraud-scoring shadow'],
  'reviews list': ['reviews list', 'reviews list --status any'],
  'reviews approve': [`reviews approve ${ID} --note "called the customer"`],
  'reviews decline': [`reviews decline ${ID}`],
  'fraud decision': [`fraud decision ${ID}`],
  'fraud replay': [
    'fraud replay --model ml/artefact/wallets',
    'fraud replay --model ml/artefact/wallets --since 2026-11-01T00:00:00Z',
  ],
  'audit verify': ['audit verify', 'audit verify --from 2026-11-01T00:00:00Z'],
  'audit proof': [`--json audit proof ${ID} > proof.json`],
  'ledger verify': ['ledger verify'],
  'ledger rebuild': ['ledger rebuild --verify'],
  'ledger rebase': ['ledger rebase', 'ledger rebase --restored-at 2026-11-20T14:00:00Z'],
  'ledger resume': ['ledger resume'],
  'ledger archive': [
    'ledger archive --month 2026-08 --dry-run',
    'ledger archive --month 2026-08 --archive /var/lib/florin/archive',
  ],
  'ledger move-partition': [
    'ledger move-partition --partition 3 --from 0 --to 1 --dry-run',
    'ledger move-partition --partition 3 --from 0 --to 1',
    'ledger move-partition --partition 3 --from 0 --to 1 --call-off',
  ],
  'ledger verify-archive': ['ledger verify-archive'],
  'statements list': ['statements list', 'statements list --bank ok'],
  'statements fetch': ['statements fetch', 'statements fetch --bank ok'],
  'statements upload': ['statements upload camt053-2026-11-20.xml'],
  'breaks list': ['breaks list', 'breaks list --status any'],
  'breaks show': [`breaks show ${ID}`],
  'breaks propose': [`breaks propose ${ID} --action correct --note "chargeback, see their letter"`],
  'breaks approve': [`breaks approve ${ID} --note "I have read it, too"`],
  'breaks reject': [`breaks reject ${ID}`],
  breakers: ['breakers', '--json breakers'],
  'dead-letters list': ['dead-letters list'],
  completion: ['completion bash', 'completion fish > ~/.config/fish/completions/florin.fish'],
};

/** Shows each command's examples below its help. */
export function addExamples(program: Command): void {
  for (const { path, command } of leafCommands(program)) {
    const lines = (EXAMPLES[path] ?? []).map((example) => `  $ florin ${example}`);
    if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
}
