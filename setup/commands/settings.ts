import { writeSettingsPage } from '../documents/settings-page.ts';

await writeSettingsPage();
