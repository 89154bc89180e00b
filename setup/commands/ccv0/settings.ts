import { type Config, type TargetedConfig, withTarget } from '../../config/validated.ts';

/** Commands have defaults for the image to pull and its container id, so CONTAINER_ID without PULL_IMAGE has an effect. */
export function ccv0Settings(config: Config): TargetedConfig {
  return { ...withTarget('kata', config), pullImage: config.pullImage ?? '' };
}
