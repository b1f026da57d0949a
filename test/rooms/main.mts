/** npm run draw: draws docs/images/rooms.svg anew. */
import { writeFileSync } from 'node:fs';

import { picture, PICTURE } from './picture.mts';

writeFileSync(PICTURE, picture());
console.log(`${PICTURE} is drawn from the imports`);
