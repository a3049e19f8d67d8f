// Keys whose private half is printed in a standard for all to read. SHA-256 over the SubjectPublicKeyInfo in DER, of those kinds
// of key that a certificate may have here.
const publishedIn: Readonly<Record<string, readonly string[]>> = {
  'RFC 9500': [
    '8fb6bad671cfe698393c453357da61b56d757ab8c0f3fb9c87f2849e63131878',
    '96465ea5dc9bb2da7b351d808a7196e5761f2412a5040131c68d719aaba28fb9',
    'b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e',
    'c4c10105a0be0ed4dd3354428dc38a9bfee64da141ce16e75c94eda272f9dd3a',
  ],
  'RFC 9421': [
    'c73eecd318bd3813f2402a660d8a90010ca35d609d19377d5ee7af200713229f',
    '72859cbaf21a0b398b1f25712bbed148b1d85a0c6b824176eb306405caa6f0b2',
    '55f96361b78cbb84f1fc604b0718e82bd91abb46d8fc25ae871b35fbbf8b7974',
  ],
  'RFC 7517': [
    '51b944cdfa544d4c3273aa6bf350625a7dd53bbb6a71723274f538b19a207760',
    'ad32320cf6c596d884b05381ba573aba8ddd5749b4de8f4a23a79f9a89ddaeb2',
  ],
  'RFC 7515': [
    '6fd13c2435a361e7c588cd17f55f5ad3df0177a66c1727a6a200845f4d7ab88c',
    '2bd1bb0c44a897c30a7aa0991cde38d8062fe441de50da0f46825344f602e827',
  ],
};

const byHash = new Map(Object.entries(publishedIn).flatMap(([standard, hashes]) => hashes.map((hash) => [hash, standard])));

/** The standard that prints the private key; null where none of these does. @param spkiHash SHA-256, lower-case hex */
export const publishedKeyIn = (spkiHash: string): string | null => byHash.get(spkiHash) ?? null;
