import { LeadStage } from '@dialmark/shared';
import { readHeading } from '@dialmark/shared/table/heading';

/** What the stages are called by those who keep books of jobs and deals. */
const WORDS: Record<LeadStage, readonly string[]> = {
  new: [
    ...['open', 'lead', 'open not contacted', 'not contacted', 'subscriber', 'marketing qualified lead', 'prospecting'],
    ...[
      'contacted',
      'working contacted',
      'attempted to contact',
      'connected',
      'open deal',
      'draft',
      'inquiry',
      'enquiry',
    ],
    ...['neu', 'offen', 'nouveau', 'ouvert', 'nuevo', 'abierto', 'nuovo', 'aperto', 'novo', 'aberto', 'nieuw'],
  ],
  qualified: [
    ...['qualified to buy', 'sql', 'sales qualified lead', 'opportunity', 'qualification', 'needs analysis'],
    ...['value proposition', 'id decision makers', 'perception analysis', 'proposal', 'proposal price quote', 'quoted'],
    ...['quote sent', 'estimate sent', 'estimated', 'awaiting response', 'changes requested', 'presentation scheduled'],
    ...['decision maker bought in', 'contract sent', 'negotiation', 'negotiation review'],
    ...[
      'qualifiziert',
      'angebot',
      'qualifie',
      'calificado',
      'cualificado',
      'qualificato',
      'qualificado',
      'gekwalificeerd',
    ],
  ],
  booked: [
    ...['scheduled', 'appointment', 'appointment scheduled', 'appointment set', 'approved', 'accepted', 'confirmed'],
    ...[
      'in progress',
      'dispatched',
      'working',
      'hold',
      'on hold',
      'upcoming',
      'today',
      'late',
      'active',
      'unscheduled',
    ],
    ...['needs scheduling', 'action required', 'reserved', 'gebucht', 'terminiert', 'termin', 'reserve', 'reservado'],
    ...['agendado', 'prenotato', 'geboekt', 'gepland'],
  ],
  won: [
    ...['closed won', 'closedwon', 'sold', 'sale', 'customer', 'completed', 'complete', 'complete rated', 'finished'],
    ...['complete unrated', 'completed rated', 'completed unrated', 'done', 'paid', 'paid in full', 'partially paid'],
    ...['invoiced', 'awaiting payment', 'past due', 'requires invoicing', 'converted', 'closed converted', 'yes'],
    ...['gewonnen', 'verkauft', 'abgeschlossen', 'erledigt', 'bezahlt', 'gagne', 'vendu', 'termine', 'paye', 'ganado'],
    ...['vendido', 'pagado', 'vinto', 'venduto', 'pagato', 'ganho', 'pago', 'verkocht', 'betaald'],
  ],
  lost: [
    ...['closed lost', 'closedlost', 'canceled', 'cancelled', 'user canceled', 'pro canceled', 'declined', 'rejected'],
    ...['dead', 'disqualified', 'unqualified', 'not qualified', 'not interested', 'no sale', 'no show', 'refunded'],
    ...['void', 'voided', 'bad debt', 'closed not converted', 'bad timing', 'no'],
    ...['verloren', 'storniert', 'abgelehnt', 'perdu', 'annule', 'perdido', 'cancelado', 'perso', 'annullato'],
    ...['geannuleerd'],
  ],
};

const STAGES = new Map<string, LeadStage>(
  LeadStage.options.flatMap((stage) => [stage, ...WORDS[stage]].map((word) => [word, stage] as const)),
);

/** Reads a stage in the words of whoever keeps the books; null for what may mean anything. */
export function readStage(text: string): LeadStage | null {
  const { name, unit } = readHeading(text);
  const words = (said: string) => said.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return STAGES.get(words(`${name} ${unit ?? ''}`)) ?? STAGES.get(words(name)) ?? null;
}
