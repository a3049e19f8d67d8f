import { z } from 'zod';
import { membershipRoles } from '../policy/roles.ts';
import { named } from './told.ts';

export const membershipRole = named('MembershipRole', z.enum(membershipRoles), 'What somebody is in a team.');
