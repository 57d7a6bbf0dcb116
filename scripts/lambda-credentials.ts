// Replaces @aws-sdk/credential-provider-node in the bundles. Of the package's credential sources (files, single sign-on,
// EC2, containers …) Lambda needs only the environment, which is fixed for the life of a process. The others would add
// about 100 kB to every function.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const credentials = async (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Bundles support no other credentials.',
    );
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};

export const defaultProvider = () => credentials;
