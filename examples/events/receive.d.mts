import type { Server } from 'node:http';
import type { ChangeEvent } from '../../lib/core/change-events/change-event.ts';

export const latestOnly: (onNews: (event: ChangeEvent) => void) => (event: ChangeEvent) => boolean;
export const receiver: (secret: string, take: (event: ChangeEvent) => boolean) => Server;
