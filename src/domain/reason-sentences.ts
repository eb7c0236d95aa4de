import type { Language, Sentence } from './language.ts'
import type { Outcome } from './outcome.ts'

/** Why an action is in or out: the closed list, for agents and marketers. */
export const REASONS = {
  best_of_permitted: {
    en: 'Rank {rank} of {permitted} permitted: tier {tier}, {factors} = {priority}.',
    de: 'Rang {rank} von {permitted} zulässigen: Stufe {tier}, {factors} = {priority}.',
  },
  drawn_by_chance: {
    en: 'Drawn by chance, so that every action gets its tries; by priority it is at rank {rank} of {permitted} permitted: tier {tier}, {factors} = {priority}.',
    de: 'Ausgelost, damit jede Aktion einmal drankommt; nach der Priorität steht sie auf Rang {rank} von {permitted} zulässigen: Stufe {tier}, {factors} = {priority}.',
  },
  outranked: {
    en: 'Permitted, but at rank {rank} behind the limit of {limit}: {factors} = {priority}.',
    de: 'Zulässig, aber auf Rang {rank} hinter der Grenze von {limit}: {factors} = {priority}.',
  },
  not_drawn: {
    en: 'Permitted and by priority at rank {rank}, but chance drew others: {factors} = {priority}.',
    de: 'Zulässig und nach der Priorität auf Rang {rank}, aber ausgelost wurden andere: {factors} = {priority}.',
  },
  chosen_elsewhere: {
    en: 'Already chosen for placement {placement}; an action is shown once per answer.',
    de: 'Schon für den Platz {placement} gewählt; eine Aktion erscheint einmal je Antwort.',
  },
  inactive: {
    en: 'The action’s status is not active.',
    de: 'Die Aktion ist nicht aktiv geschaltet.',
  },
  not_yet_valid: { en: 'Valid only from {from}.', de: 'Gilt erst ab {from}.' },
  no_longer_valid: { en: 'Valid only until {to}.', de: 'Galt nur bis {to}.' },
  switched_off: {
    en: 'Switched off at run time: {what}.',
    de: 'Im laufenden Betrieb abgeschaltet: {what}.',
  },
  blocked: {
    en: 'Block {block} holds back tier {tier}.',
    de: 'Die Sperre {block} hält die Stufe {tier} zurück.',
  },
  block_undecided: {
    en: 'Block {block} cannot be ruled out: {why}.',
    de: 'Die Sperre {block} ist nicht auszuschließen: {why}.',
  },
  not_eligible: {
    en: 'Not eligible: {owner} asks for {rule}.',
    de: 'Nicht berechtigt: {owner} verlangt {rule}.',
  },
  not_applicable: {
    en: 'Makes no sense now: {owner} asks for {rule}.',
    de: 'Jetzt nicht sinnvoll: {owner} verlangt {rule}.',
  },
  not_suitable: {
    en: 'Not good for this customer: {owner} asks for {rule}.',
    de: 'Nicht gut für diesen Kunden: {owner} verlangt {rule}.',
  },
  data_missing: {
    en: 'The {level} of {owner} needs {name}, which is not known and has no default.',
    de: 'Für die {level} ({owner}) fehlt {name}; es ist nicht bekannt und hat keinen Standardwert.',
  },
  rule_failed: {
    en: 'The {level} of {owner} could not be worked out: {what}.',
    de: 'Die {level} ({owner}) ließ sich nicht ermitteln: {what}.',
  },
  no_consent: {
    en: 'Purpose {purpose} needs a consent that was not given.',
    de: 'Der Zweck {purpose} braucht eine Einwilligung, die nicht erteilt ist.',
  },
  consent_refused: {
    en: 'The customer refused {what}{since}.',
    de: 'Der Kunde hat widersprochen{since}: {what}.',
  },
  address_unsure: {
    en: 'What the customer said of {what} depends on the address, and the request does not say which is meant.',
    de: 'Was der Kunde gesagt hat ({what}), hängt von der Adresse ab, und die Anfrage nennt keine.',
  },
  unchecked: {
    en: 'The store does not answer, so {what} cannot be checked; what cannot be checked is not shown.',
    de: 'Der Speicher antwortet nicht, also ist nicht zu prüfen: {what}. Was nicht zu prüfen ist, wird nicht gezeigt.',
  },
  quiet_hours: {
    en: 'Quiet hours on {channel}: nobody is contacted from {opens} to {closes} ({zone}).',
    de: 'Ruhezeit auf {channel}: von {opens} bis {closes} Uhr wird niemand angesprochen ({zone}).',
  },
  paused: {
    en: 'The customer has paused advertising{where} {until}.',
    de: 'Der Kunde hat Werbung{where} ausgesetzt, {until}.',
  },
  topic_refused: {
    en: 'The customer does not want to hear of {topic}.',
    de: 'Der Kunde möchte nichts über {topic} hören.',
  },
  pace_reached: {
    en: 'The customer’s own wish for advertising{where}: {allowed}{already}.',
    de: 'Eigener Wunsch des Kunden zu Werbung{where}: {allowed}{already}.',
  },
  capped: {
    en: 'Policy {policy}: {allowed} {counted}{already}{roughly}.',
    de: 'Regel {policy}: {allowed} {counted}{already}{roughly}.',
  },
  capped_by_answer: {
    en: 'Policy {policy}: {allowed} {counted}, and this answer uses that up already.',
    de: 'Regel {policy}: {allowed} {counted}, und diese Antwort schöpft das schon aus.',
  },
  volume_used_up: {
    en: 'Volume {volume}: {allowed}{pace} with all customers together; none is left.',
    de: 'Kontingent {volume}: {allowed}{pace} mit allen Kunden zusammen; es ist keiner mehr frei.',
  },
  suppressed: {
    en: 'Policy {policy}: after {outcome}{times}{without}, silent for {duration} {counted}, until {until}{roughly}.',
    de: 'Regel {policy}: nach {outcome}{times}{without} {duration} Pause {counted}, bis {until}{roughly}.',
  },
  asked_for_later: {
    en: 'The customer wants to be asked again, and not before {until}.',
    de: 'Der Kunde möchte später wieder gefragt werden, nicht vor {until}.',
  },
  group_full: {
    en: 'Group {group} shows as many as it may in one slate: {max}.',
    de: 'Die Gruppe {group} zeigt schon, so viel sie in einer Auswahl darf: {max}.',
  },
  held_out: {
    en: 'The customer is in the holdout, which gets nothing of tier {tier}.',
    de: 'Der Kunde gehört zur Kontrollgruppe, die nichts der Stufe {tier} bekommt.',
  },
  value_unknown: {
    en: 'The action’s value cannot be worked out: {why}.',
    de: 'Der Wert der Aktion lässt sich nicht ermitteln: {why}.',
  },
  content_lacks: {
    en: 'What it could show here needs {name}, which is not known.',
    de: 'Was sie hier zeigen könnte, braucht {name}, und das ist nicht bekannt.',
  },
  kind_not_asked: {
    en: 'The request asks for other kinds than {kind}.',
    de: 'Die Anfrage will andere Arten als {kind}.',
  },
  excluded_by_request: { en: 'The request excludes it.', de: 'Die Anfrage schließt sie aus.' },
  not_included_by_request: {
    en: 'The request names the actions to choose from, and this is not among them.',
    de: 'Die Anfrage nennt die Aktionen zur Auswahl, und diese ist nicht darunter.',
  },
  below_min_propensity: {
    en: 'Propensity {propensity}{bound} is below the action’s minimum of {minimum}.',
    de: 'Die Neigung {propensity}{bound} liegt unter dem Mindestwert {minimum} der Aktion.',
  },
  propensity_unknown: {
    en: 'The model could not be asked: what has a minimum propensity is not shown, and no message sent, on a guess.',
    de: 'Das Modell war nicht zu befragen: Was eine Mindestneigung hat, wird nicht auf Verdacht gezeigt, und nichts auf Verdacht gesendet.',
  },
  no_content_in_language: {
    en: 'No content in {language}, the language of this slate.',
    de: 'Kein Inhalt in {language}, der Sprache dieser Auswahl.',
  },
} as const satisfies Record<string, Sentence>

/** Words that sentences take in. */
export const PHRASES = {
  nothing: { en: '', de: '' },
  text: { en: '{text}', de: '{text}' },
  the_action: { en: 'the action', de: 'die Aktion' },
  the_group: { en: 'group {group}', de: 'Gruppe {group}' },
  eligibility: { en: 'eligibility', de: 'Berechtigung' },
  applicability: { en: 'applicability', de: 'Anwendbarkeit' },
  suitability: { en: 'suitability', de: 'Eignung' },
  at_most_likely: {
    en: ' (at most {most}, by what is known so far)',
    de: ' (höchstens {most} nach dem, was man bisher weiß)',
  },
  factor_propensity: { en: 'propensity {propensity}', de: 'Neigung {propensity}' },
  factor_context: { en: 'context weight {weight}', de: 'Kontextgewicht {weight}' },
  factor_value: { en: 'value {value}', de: 'Wert {value}' },
  factor_lever: { en: 'lever {lever}', de: 'Hebel {lever}' },
  factor_none: { en: '1', de: '1' },
  times: { en: '{left} × {right}', de: '{left} × {right}' },
  to_the_power: { en: '{factor}^{power}', de: '{factor}^{power}' },
  not_known: { en: '{name} is not known', de: '{name} ist nicht bekannt' },
  off_everything: { en: 'everything', de: 'alles' },
  off_channel: { en: 'channel {channel}', de: 'Kanal {channel}' },
  off_action: { en: 'this action', de: 'diese Aktion' },
  on_channel: { en: ' on {channel}', de: ' auf {channel}' },
  on_date: { en: ' on {at}', de: ' am {at}' },
  for_now: { en: 'until further notice', de: 'bis auf Weiteres' },
  until_then: { en: 'until {until}', de: 'bis {until}' },
  for_purpose: { en: 'purpose {purpose}', de: 'Zweck {purpose}' },
  for_purpose_on: { en: 'purpose {purpose} on {channel}', de: 'Zweck {purpose} auf {channel}' },
  for_purpose_at: {
    en: 'purpose {purpose} on {channel} at this address',
    de: 'Zweck {purpose} auf {channel} für diese Adresse',
  },
  for_all: { en: 'all advertising', de: 'alle Werbung' },
  for_all_on: { en: 'to be contacted on {channel}', de: 'Ansprache auf {channel}' },
  for_all_at: {
    en: 'to be contacted on {channel} at this address',
    de: 'Ansprache auf {channel} an diese Adresse',
  },
  checked_consent: { en: 'consent', de: 'die Einwilligung' },
  checked_history: { en: 'what was shown before', de: 'was schon gezeigt wurde' },
  checked_wishes: { en: 'the customer’s own wishes', de: 'die eigenen Wünsche des Kunden' },
  checked_volumes: { en: 'what is left of its volumes', de: 'was von den Kontingenten übrig ist' },
  volume_day: { en: 'at most {max} contacts a day', de: 'höchstens {max} Kontakte am Tag' },
  volume_week: { en: 'at most {max} contacts a week', de: 'höchstens {max} Kontakte in der Woche' },
  volume_month: { en: 'at most {max} contacts a month', de: 'höchstens {max} Kontakte im Monat' },
  volume_total: { en: 'at most {max} contacts in total', de: 'höchstens {max} Kontakte insgesamt' },
  spread_evenly: { en: ', spread evenly,', de: ', gleichmäßig verteilt,' },
  at_most: { en: 'at most {max} within {window}', de: 'höchstens {max} in {window}' },
  own_pace: { en: 'of the customer’s own', de: 'des Kunden selbst' },
  none_at_all: { en: 'no contact at all', de: 'gar kein Kontakt' },
  counted: { en: ', {count} counted', de: ', {count} gezählt' },
  per_customer: { en: 'for this customer', de: 'für diesen Kunden' },
  per_action: { en: 'for this action', de: 'für diese Aktion' },
  per_group: { en: 'for group {key}', de: 'für die Gruppe {key}' },
  per_channel: { en: 'on channel {key}', de: 'auf dem Kanal {key}' },
  per_placement: { en: 'in placement {key}', de: 'auf dem Platz {key}' },
  per_tier: { en: 'for tier {key}', de: 'für die Stufe {key}' },
  so_often: { en: ' ({times} times within {within})', de: ' ({times}-mal in {within})' },
  and_without: { en: ' without {without}', de: ' ohne {without}' },
  by_day: {
    en: ' (before {since} known by the day only, and counted for the whole day)',
    de: ' (vor {since} nur tageweise bekannt und für den ganzen Tag gezählt)',
  },
} as const satisfies Record<string, Sentence>

/** Outcomes in words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, Sentence>> = {
  sent: { en: 'a message sent', de: 'Versand' },
  presented: { en: 'a presentation', de: 'Vorstellung' },
  impression: { en: 'an impression', de: 'Einblendung' },
  click: { en: 'a click', de: 'Klick' },
  dismiss: { en: 'a dismissal', de: 'Wegklicken' },
  later: { en: 'a “later”', de: '„später“' },
  reject: { en: 'a “no”', de: 'einem Nein' },
  accept: { en: 'a “yes”', de: 'einem Ja' },
  conversion: { en: 'a conversion', de: 'Abschluss' },
  return: { en: 'a return', de: 'Rückgabe' },
  bounced: { en: 'a bounce', de: 'Rückläufer' },
  failed: { en: 'a failure', de: 'Fehlschlag' },
  notShown: { en: 'not being shown', de: 'Nichtanzeige' },
  cancelled: { en: 'a cancellation', de: 'Abbruch' },
}

/** Units of durations, one and many; German has its dative behind “in”. */
export const UNIT_WORDS: Readonly<
  Record<string, Readonly<Record<Language | 'deIn', readonly [string, string]>>>
> = {
  s: { en: ['second', 'seconds'], de: ['Sekunde', 'Sekunden'], deIn: ['Sekunde', 'Sekunden'] },
  m: { en: ['minute', 'minutes'], de: ['Minute', 'Minuten'], deIn: ['Minute', 'Minuten'] },
  h: { en: ['hour', 'hours'], de: ['Stunde', 'Stunden'], deIn: ['Stunde', 'Stunden'] },
  d: { en: ['day', 'days'], de: ['Tag', 'Tage'], deIn: ['Tag', 'Tagen'] },
  w: { en: ['week', 'weeks'], de: ['Woche', 'Wochen'], deIn: ['Woche', 'Wochen'] },
}

/** Why a slate is not full. */
export const SLATE_CODES = {
  no_candidates: {
    en: 'No action of the catalogue plays in this placement.',
    de: 'Keine Aktion des Katalogs spielt auf diesem Platz.',
  },
  nothing_permitted: {
    en: 'Every action that plays here was refused.',
    de: 'Jede Aktion, die hier spielt, wurde abgelehnt.',
  },
  quiet_hours: {
    en: 'Quiet hours: what plays here waits until they are over.',
    de: 'Ruhezeit: Was hier spielt, wartet, bis sie vorbei ist.',
  },
  not_now: {
    en: 'What plays here may not be shown at this moment, and may be later.',
    de: 'Was hier spielt, darf in diesem Augenblick nicht gezeigt werden, später aber doch.',
  },
  nothing_above_threshold: {
    en: 'Every permitted action is below its minimum propensity: nothing is worth saying.',
    de: 'Jede zulässige Aktion liegt unter ihrer Mindestneigung: Nichts ist der Rede wert.',
  },
  propensity_unknown: {
    en: 'The model could not be asked, and what plays here is not for guessing; ask again.',
    de: 'Das Modell war nicht zu befragen, und was hier spielt, ist nichts zum Raten; frag noch einmal.',
  },
  switched_off: {
    en: 'Switched off at run time: neutral fallbacks only.',
    de: 'Im laufenden Betrieb abgeschaltet: nur neutrale Inhalte.',
  },
  unchecked: {
    en: 'The store does not answer, and what plays here cannot be checked; ask again.',
    de: 'Der Speicher antwortet nicht, und was hier spielt, ist nicht zu prüfen; frag noch einmal.',
  },
  held_out: {
    en: 'The customer is in the holdout, which gets nothing of the tiers retention and marketing.',
    de: 'Der Kunde gehört zur Kontrollgruppe, die nichts der Stufen retention und marketing bekommt.',
  },
  caps_used_up: {
    en: 'What the caps still allow is used up by other placements of this answer.',
    de: 'Was die Grenzen noch erlauben, schöpfen andere Plätze dieser Antwort aus.',
  },
  volumes_used_up: {
    en: 'Nothing is left of the volumes of what plays here.',
    de: 'Von den Kontingenten dessen, was hier spielt, ist nichts mehr frei.',
  },
  all_chosen_elsewhere: {
    en: 'What was permitted here already fills another placement of this answer.',
    de: 'Was hier zulässig war, füllt schon einen anderen Platz dieser Antwort.',
  },
  fewer_than_limit: {
    en: 'Fewer actions were permitted than the limit asks for.',
    de: 'Es waren weniger Aktionen zulässig, als die Grenze zulässt.',
  },
} as const satisfies Record<string, Sentence>
export type SlateCode = keyof typeof SLATE_CODES

/** What alone would admit a refused candidate. */
export const CHANGES = {
  time: { en: 'It is permitted from {from}.', de: 'Zulässig ab {from}.' },
  cap: {
    en: 'It would be permitted if {policy} allowed {max} instead of {is}.',
    de: 'Zulässig, wenn {policy} {max} statt {is} erlaubte.',
  },
  threshold: {
    en: 'It would be permitted with a minimum propensity of at most {minimum}.',
    de: 'Zulässig mit einer Mindestneigung von höchstens {minimum}.',
  },
  comparison: {
    en: 'It would be permitted if {condition}; {name} is {is}.',
    de: 'Zulässig, wenn {condition}; {name} ist {is}.',
  },
  comparison_unknown: {
    en: 'It would be permitted if {condition}; {name} is not known.',
    de: 'Zulässig, wenn {condition}; {name} ist nicht bekannt.',
  },
} as const satisfies Record<string, Sentence>
