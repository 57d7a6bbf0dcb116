import { sendAlerts } from '../lib/jobs/alerts/send-alerts.ts';
import { AlertsEvent } from '../lib/lambda/alerts-event.ts';
import { scheduleHandler } from '../lib/lambda/schedule-handler.ts';
import { sendAlertsServices } from '../lib/services/send-alerts.ts';

export const handler = scheduleHandler(AlertsEvent, sendAlerts, sendAlertsServices);
