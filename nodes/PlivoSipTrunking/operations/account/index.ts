import { resource } from '../operation';
import { get } from './get';

export const account = resource({ name: 'Account', value: 'account' }, get, [get]);
