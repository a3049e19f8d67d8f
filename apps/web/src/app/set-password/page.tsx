import { SignInFrame } from '@/features/sign-in/frame';
import { SetPasswordForm } from '@/features/sign-in/set-password-form';

export const metadata = { title: 'Set your password' };

export default function SetPasswordPage() {
  return (
    <SignInFrame title="Set your password" sub="Only you will know it. Afterwards you sign in with it.">
      <SetPasswordForm />
    </SignInFrame>
  );
}
