/**
 * What people write where a random secret belongs: placeholders, the words of this field, keyboard rows, the heads of lists of
 * leaked passwords, and the words of the best known example of a passphrase. In lower case. Shorter ones are left out: random
 * characters contain them too often.
 */
const words = `
access admin administrator alpha apple asdfgh asdfghjkl assay assayer audit backend baseball basic batman battery bearer
billing caller carrier change changed changeit changeme charlie chart client cluster company config correct credential
credentials customer database default deploy development docker dragon dummy example foobar football frontend gateway geheim
geheimnis generate generated github gitlab hallo hello horse house iloveyou insecure insert internal introspect introspection
invoice ipsum issuer kennwort keycloak kubernetes letmein local localhost login lorem lovely management master michael mobile
monitor monkey mysecret notasecret nothing oauth online operator orders passphrase passw passwd password passwort payment
payments placeholder please postgres princess private production proxy public qwerty qwertyuiop qwertz random record redis
replace replaceme replica sample secret secrets secure security server service shadow shared signing spring staging staple
start summer sunshine super superman sydney system temporary tester testing tests thing token tokens trust trustno ubuntu
username value vault viewer welcome winter world write yxcvbn zxcvbn
`;

const known: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

/** Letters that a digit or sign stands for in words that pretend to be none. */
const disguises: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const LONGEST = Math.max(...[...known].map((word) => word.length));
const SHORTEST = 5;

/** For each end of a text: where the longest known word that ends there begins, or `undefined`. Case and disguises do not matter. */
export function knownWordsIn(text: string): readonly (number | undefined)[] {
  const letters = Array.from(text, (character) =>
    character.toLowerCase().padEnd(character.length).slice(0, character.length),
  );
  const plain = letters.map((letter) => disguises[letter] ?? letter).join('');
  return Array.from({ length: text.length + 1 }, (_, end) => {
    for (let start = Math.max(0, end - LONGEST); start <= end - SHORTEST; start++) {
      if (known.has(plain.slice(start, end))) return start;
    }
    return undefined;
  });
}
